import type { Batch } from "@colm/data";
import type { DirectionalGradients, SpsaOptions } from "@colm/spsa";
import type { AdapterConfig } from "../checkpoint/adapter-config.ts";
import type { ModelConfig } from "../checkpoint/model-config.ts";
import type { BackendName, BackendOptions } from "../model/backend.ts";
import type { ValueOptions } from "../passes/last-value.ts";
import type { LossOptions } from "../passes/loss-and-gradients.ts";
import type { SketchOptions } from "../passes/sketch.ts";

/** A parameter on its way to the workers; the values lie in memory that all of them read. */
export interface SentParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A matrix between threads: functions cannot be sent. */
export interface SentMatrix {
  readonly data: Float32Array | Float64Array;
  readonly shape: readonly [number, number];
}

/** What a worker can be asked, by kind. */
export interface Tasks {
  readonly backend: { readonly name: BackendName } & BackendOptions;
  /** Parameters of the base model that do not exist yet, and new values of any that do. */
  readonly parameters: readonly SentParameter[];
  /** Makes the model of the parameters that have come; the factors of its adapter are 0 until they come. */
  readonly assemble: { readonly config: ModelConfig; readonly lora?: AdapterConfig };
  /** Names of the parameters that get gradients. */
  readonly trainable: readonly string[];
  readonly losses: Batch;
  readonly exactMatches: Batch;
  readonly lossAndGradients: {
    readonly batch: Batch;
    readonly options: Pick<LossOptions, "weights" | "rows" | "dropout" | "checkpoint">;
  };
  readonly lastValueSpsa: {
    readonly batch: Batch;
    readonly options: Omit<SpsaOptions, "signal"> & ValueOptions;
  };
  readonly lastValueGradients: { readonly batch: Batch; readonly options: ValueOptions };
  readonly lastBlockGradients: { readonly batch: Batch; readonly sketch?: SketchOptions };
}

/** Seconds of a training pass by the clock of its thread; blocks that are run again and reading the gradients are `backward`. */
export interface PassSeconds {
  readonly forward: number;
  readonly backward: number;
}

/** What it answers. */
export interface Answers {
  readonly backend: undefined;
  readonly parameters: undefined;
  readonly assemble: undefined;
  readonly trainable: undefined;
  readonly losses: Float32Array;
  readonly exactMatches: Uint8Array;
  readonly lossAndGradients: {
    readonly losses: Float32Array;
    readonly gradients: ReadonlyMap<string, Float32Array>;
    readonly seconds: PassSeconds;
  };
  readonly lastValueSpsa: {
    readonly coefficients: SentMatrix;
    readonly rest: Omit<DirectionalGradients, "coefficients">;
  };
  readonly lastValueGradients: SentMatrix;
  readonly lastBlockGradients: SentMatrix;
}
