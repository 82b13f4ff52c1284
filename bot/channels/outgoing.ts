/** A run of text; plain strings are shown as they are, never parsed. */
export type Span = string | { readonly bold: string } | { readonly link: string; readonly href: string }
export type Block = { readonly type: 'paragraph' | 'quote' | 'list_item' | 'small'; readonly spans: readonly Span[] }
/** `data` ≤ 64 bytes comes back as IncomingMessage.button. */
export type Button = { readonly label: string; readonly data: string }

/** Everything that can be said; a closed union, so that the port stays small. JSON, since it waits in the outbox. */
export type Outgoing =
  | {
      readonly kind: 'text'
      readonly blocks: readonly Block[]
      readonly buttons?: readonly (readonly Button[])[]
      /** The `externalId` of the message this replies to. */
      readonly replyTo?: string
      /** The preview this message replaces, as `end` of its {@link Stream} returned it. */
      readonly replaces?: string
      /** Sent at a moment for which the platform may have given a code; other channels send it like any text. */
      readonly at?: Moment
      /** Not worth sending later, or to anybody else, when it cannot be sent now. */
      readonly courtesy?: true
      /** ISO time after which these words are out of date: what had to wait longer is said in other words. */
      readonly until?: string
      /** An earlier message, by its key, whose buttons no longer apply. */
      readonly settles?: Settles
    }
  /** A file or a picture, of up to 5 MB; only for channels with {@link Channel.files}. */
  | { readonly kind: 'file'; readonly name: string; readonly base64: string }
  /** Opens a place for one ticket (a forum topic); its receipt names the place in `chat`. */
  | { readonly kind: 'open_topic'; readonly name: string }
  | { readonly kind: 'close_topic' }
  /** Shows that an answer is being prepared; may be ignored. */
  | { readonly kind: 'typing' }
  /**
   * Gives the chat to a human of the platform itself: the first of `to` who is receiving, else its queue when anybody is, else nobody. Then
   * says what happened: `said` by the person who got it, or `queued`. Only for channels with {@link Channel.sessions}.
   */
  | {
      readonly kind: 'hand_off'
      readonly to: readonly { readonly account: string; readonly said: string }[]
      readonly queued: string
      /** Whoever has it now has not answered: try another first. */
      readonly again?: true
    }

/**
 * Where a platform can change what it showed, `label` replaces the buttons and nothing more is sent; elsewhere the message that carries
 * this is. `sent`: receipt of the earlier message, filled in when this is sent; null when it was never sent.
 */
export type Settles = { readonly key: string; readonly label: string; readonly sent?: Receipt | null }

/**
 * `welcome` answers an `entered`; `taken` a `session_taken`; `hand_back` ends a human's session, whoever ended it. `hand_off`: a human takes
 * over; `more`: there is more to read than may be sent now.
 */
export type Moment = {
  readonly moment: 'welcome' | 'taken' | 'hand_back' | 'hand_off' | 'more'
  readonly code: string | null
}

/** What the platform returned for a send: ids for later edits, and for `open_topic` the new chat. */
export type Receipt = {
  readonly messageIds: readonly string[]
  readonly chat?: string
  /** Code that lets the buttons of this message be changed once, later. */
  readonly change?: string
}
