export { answerCalls, checkAllowed } from './answer-calls.ts';
export type { FunctionAnswer } from './call.ts';
export {
  FunctionClient,
  type FunctionClientOptions,
  functionClient,
  type InvokeOptions,
} from './client.ts';
export { type FanOutOptions, type FunctionCall, fanOut } from './fan-out.ts';
export { type FleetOptions, type FleetReport, runFleet } from './fleet/fleet.ts';
