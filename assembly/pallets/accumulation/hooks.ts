// Hooks of Accumulation.
import { accumulateBlock } from './accumulate';
import { planBlock } from './plan';
import { Accumulation } from './state';

@hooks(Accumulation)
export class AccumulationHooks {
  static onInitialize(_number: u32): u64 {
    Accumulation.runs.remove();
    return 10_000_000;
  }

  /** Reserves the weight of prune and accumulate (step 6). */
  static afterInherents(number: u32): u64 {
    return planBlock(number).weight;
  }

  static onFinalize(number: u32): void {
    accumulateBlock(number);
  }
}
