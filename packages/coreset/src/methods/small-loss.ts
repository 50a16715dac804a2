import type { ScoreMethod } from "../subset-problem.ts";

/**
 * The examples of smallest loss `L_i`.
 *
 * Kumar, Packer & Koller, "Self-paced learning for latent variable models" (2010): easy examples first.
 */
export const smallLoss: ScoreMethod = { reads: "losses", takes: "lowest" };
