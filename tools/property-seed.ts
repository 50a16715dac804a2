import fc from "fast-check";

// the same properties on the same values every time; `FC_SEED=7 pnpm test` looks at others
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 1) });
