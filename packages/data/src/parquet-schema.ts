import type { FileMetaData, SchemaElement } from "hyparquet";

/** A column as it is stored: where it stands in the tree of groups, and its type. */
interface Leaf {
  readonly path: string;
  readonly type: string;
}

/**
 * Refuses a schema that is no tree, and row groups that store other columns than its leaves: the reader walks it without
 * looking, and never comes back from some.
 */
export function requireSchema({ schema, row_groups }: FileMetaData): void {
  const leaves: Leaf[] = [];
  const [root] = schema;
  const end = root === undefined ? 0 : walk(schema, 0, [], leaves);
  if (end !== schema.length) throw new Error("a schema that is no tree");
  for (const [g, { columns }] of row_groups.entries()) {
    const stored = columns.map(({ meta_data: meta }) => `${meta?.path_in_schema.join(".")} ${meta?.type}`);
    const wanted = leaves.map(({ path, type }) => `${path} ${type}`);
    if (stored.join() === wanted.join()) continue;
    throw new Error(`other columns in row group ${g + 1} than in the schema`);
  }
}

/** Collects the leaves of element `at` and gives the place of the element behind it. */
function walk(schema: readonly SchemaElement[], at: number, path: readonly string[], leaves: Leaf[]): number {
  const { type, num_children: children = 0, repetition_type: repetition } = schema[at];
  const isRoot = at === 0;
  const isGroup = type === undefined && children > 0;
  const isLeaf = type !== undefined && children === 0 && !isRoot;
  if (!(isGroup || isLeaf) || (repetition === undefined && !isRoot)) {
    throw new Error(`a schema with an element ${path.join(".")} that is neither a column nor a group`);
  }
  if (isLeaf) leaves.push({ path: path.join("."), type });
  let next = at + 1;
  for (let i = 0; i < children; i++) {
    if (next >= schema.length) throw new Error("a schema that ends early");
    next = walk(schema, next, [...path, schema[next].name], leaves);
  }
  return next;
}
