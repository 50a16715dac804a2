import { delimiter, join } from "node:path";
import { command } from "./command.ts";
import { exists } from "./workspace.ts";

export interface NodeProgram {
  readonly path: string;
  /** As in `v20.19.2`. */
  readonly version: string;
}

/** The Node that runs this, and the first other version that the PATH outside of the workspace offers. */
export async function nodePrograms(): Promise<NodeProgram[]> {
  const programs: NodeProgram[] = [{ path: process.execPath, version: process.version }];
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, "node");
    if (folder.includes("node_modules") || !(await exists(path))) continue;
    const { code, output } = await command(folder, path, ["--version"]);
    if (code !== 0 || output.trim() === process.version) continue;
    programs.push({ path, version: output.trim() });
    break;
  }
  return programs;
}
