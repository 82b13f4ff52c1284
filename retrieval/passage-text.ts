/** A passage as a model reads it: its labels, then its text. */
export function passageText(passage: { readonly title: string; readonly heading: string | null; readonly text: string }): string {
  return [passage.title, passage.heading, passage.text].filter((each) => each !== null && each !== '').join('\n')
}
