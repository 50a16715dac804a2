import { library } from "../../tsup.config.ts";

export default library(["src/index.ts"], { ecma: 2020, module: true, compress: { hoist_funs: true } });
