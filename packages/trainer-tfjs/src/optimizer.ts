import { check, requireSameNames } from "./check-options.ts";
import type { ParameterRule } from "./parameter-groups.ts";

/** Named float32 arrays: parameters, their gradients or their moments, keyed by parameter name. */
export type NamedArrays = ReadonlyMap<string, Float32Array>;

/** Arrays of an optimizer's state by parameter name. */
export type Moments = Readonly<Record<string, Float32Array>>;

/** What an optimizer remembers: plain, serialisable, keyed by parameter name. */
export interface OptimizerState {
  /** Updates made so far. */
  readonly step: number;
  /** First moment, or momentum, of each parameter; absent where the optimizer has none. */
  readonly m?: Moments;
  /** Second moment of each parameter; absent where the optimizer has none. */
  readonly v?: Moments;
}

/** An optimizer over names; its arguments are left alone and what it returns is fresh. */
export interface Optimizer<State extends OptimizerState = OptimizerState> {
  /** The state before the first update. */
  init(parameters: NamedArrays): State;
  /** The parameters and the state after one update at `learningRate`. */
  update(
    state: State,
    gradients: NamedArrays,
    parameters: NamedArrays,
    learningRate: number,
  ): { readonly state: State; readonly parameters: Map<string, Float32Array> };
}

/** One parameter at one update: what is read, and what is to be written. */
export interface Slot extends ParameterRule {
  /** This update's number, from 1. */
  readonly step: number;
  /** Learning rate of this parameter. */
  readonly rate: number;
  readonly old: Float32Array;
  readonly gradient: Float32Array;
  readonly oldM: Float32Array;
  readonly oldV: Float32Array;
  readonly next: Float32Array;
  readonly nextM: Float32Array;
  readonly nextV: Float32Array;
}

/** What sets one optimizer apart from another. */
export interface UpdateRule<State extends OptimizerState> {
  readonly caller: string;
  /** The moments that it keeps; the slot's arrays of the others are empty. */
  readonly moments: readonly ("m" | "v")[];
  readonly rules: (name: string) => ParameterRule;
  /** Writes `next` and the next moments of one parameter. */
  readonly apply: (slot: Slot) => void;
  /** The state of the moments, which has those that the optimizer keeps. */
  readonly state: (step: number, m: Moments, v: Moments) => State;
}

const NONE = new Float32Array(0);

/** The optimizer of a rule: names checked, arrays made, one call of `apply` for each parameter. */
export function optimizerOf<State extends OptimizerState>(rule: UpdateRule<State>): Optimizer<State> {
  const { caller, moments, rules, apply } = rule;
  const [hasM, hasV] = [moments.includes("m"), moments.includes("v")];
  return {
    init(parameters) {
      return rule.state(0, hasM ? zerosLike(parameters) : {}, hasV ? zerosLike(parameters) : {});
    },
    update(state, gradients, parameters, learningRate) {
      const holds = learningRate >= 0 && learningRate < Infinity;
      check(`${caller}.update`, "learningRate", learningRate, holds, "a finite number of at least 0");
      const lengths = new Map([...parameters].map(([name, values]) => [name, values.length]));
      requireSameNames(`${caller}.update`, "gradients", lengths, gradients);
      const before = { m: state.m ?? {}, v: state.v ?? {} };
      for (const name of moments) {
        const arrays = new Map(Object.entries(before[name]));
        requireSameNames(`${caller}.update`, `state.${name}`, lengths, arrays);
      }
      const step = state.step + 1;
      const next = new Map<string, Float32Array>();
      const m: Record<string, Float32Array> = {};
      const v: Record<string, Float32Array> = {};
      for (const [name, old] of parameters) {
        const own = rules(name);
        const values = new Float32Array(old.length);
        const nextM = hasM ? new Float32Array(old.length) : NONE;
        const nextV = hasV ? new Float32Array(old.length) : NONE;
        apply({
          ...own,
          step,
          rate: learningRate * own.learningRateFactor,
          old,
          gradient: gradients.get(name) ?? NONE,
          oldM: before.m[name] ?? NONE,
          oldV: before.v[name] ?? NONE,
          next: values,
          nextM,
          nextV,
        });
        next.set(name, values);
        if (hasM) m[name] = nextM;
        if (hasV) v[name] = nextV;
      }
      return { state: rule.state(step, m, v), parameters: next };
    },
  };
}

function zerosLike(parameters: NamedArrays): Moments {
  return Object.fromEntries([...parameters].map(([name, values]) => [name, new Float32Array(values.length)]));
}
