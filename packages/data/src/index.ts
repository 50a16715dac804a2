export { type BatchOptions, batches } from "./batches.ts";
export { type ChatTemplate, type ChatTemplateOptions, chatTemplate } from "./chat-template.ts";
export type { ChatText } from "./chat-text.ts";
export { type Batch, collate, type Tokens } from "./collate.ts";
export { countSources, type Sourced, type SourceTable, sourceIndices } from "./count-sources.ts";
export type { DataFormat } from "./data-format.ts";
export { type Example, encode, IGNORED, type TextTokenizer } from "./encode.ts";
export type { HubOptions } from "./hub-files.ts";
export { collect, type Indexed, type ListOf } from "./indexed.ts";
export { type Mixture, type MixturePart, type MixturePlace, mixture } from "./mixture.ts";
export { mixtureBatches, type WeightedExamples } from "./mixture-batches.ts";
export type { BadRow } from "./numbered-rows.ts";
export { openRows, type RowList } from "./open-rows.ts";
export { type PackedChunks, type PackOptions, pack } from "./pack.ts";
export { readChoices } from "./read-choices.ts";
export { type ReadColumnsOptions, readColumns } from "./read-columns.ts";
export { type ReadExample, type ReadExamplesOptions, readExamples } from "./read-examples.ts";
export { type PlacedRow, type ReadRowsOptions, readRows } from "./read-rows.ts";
export type {
  ChoiceRow,
  CompletionRow,
  InstructionRow,
  Message,
  MessagesRow,
  Row,
  TextRow,
  TokenRow,
} from "./row.ts";
export type { SourceRule } from "./source-rule.ts";
export { parseTemplate, type Rendered, render, type Template, templates } from "./template.ts";
