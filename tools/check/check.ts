/** One thing that must hold of the repository. */
export interface Check {
  readonly name: string;
  run(root: string): Promise<Findings>;
}

export interface Findings {
  /** What is wrong, one entry each; the check passes when there is none. */
  readonly problems: readonly string[];
  /** What is worth printing although nothing is wrong. */
  readonly notes?: readonly string[];
}
