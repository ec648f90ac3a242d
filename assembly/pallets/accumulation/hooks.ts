// Hooks of Accumulation.
import { saturatingAdd } from '../../primitives';
import { accumulateBlock } from './accumulate';
import { planBlock } from './plan';
import { Accumulation } from './state';
import { AccumulationWeights } from './weights';

@hooks(Accumulation)
export class AccumulationHooks {
  static onInitialize(_number: u32): u64 {
    Accumulation.runs.remove();
    return AccumulationWeights.onInitialize();
  }

  /**
   * Reserves the weight of prune and accumulate (step 6), which includes what the end of the block does for each package
   * taken, and of what it does for the queues. What it does for calls of classes is part of their cost, which the classes pay
   * (step 5).
   */
  static afterInherents(number: u32): u64 {
    const plan = planBlock(number);
    const ready = <u32>(plan.taken.length + plan.left.length);
    return saturatingAdd(plan.weight, AccumulationWeights.accumulate(plan.pending, ready, 0, 0));
  }

  static onFinalize(number: u32): void {
    accumulateBlock(number);
  }
}
