export type { DocumentStore, DocumentSummary, Doubt, NewDocument, NewPassage, Replaced } from './document.ts'
