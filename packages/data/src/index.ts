export { type BatchOptions, batches } from "./batches.ts";
export { type Batch, collate, type Tokens } from "./collate.ts";
export { countSources, type Sourced, type SourceTable, sourceIndices } from "./count-sources.ts";
export { type Example, encode, IGNORED, type TextTokenizer } from "./encode.ts";
export type { SourceRule } from "./parse-row.ts";
export { type ReadRowsOptions, readRows } from "./read-rows.ts";
export type { CompletionRow, InstructionRow, Row, TextRow, TokenRow } from "./row.ts";
export { parseTemplate, type Rendered, render, type Template, templates } from "./template.ts";
