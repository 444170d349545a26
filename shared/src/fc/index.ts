export {
  FunctionClient,
  type FunctionClientOptions,
  functionClient,
  type InvokeOptions,
} from './client.ts';
export { type FanOutOptions, type FunctionCall, fanOut } from './fan-out.ts';
export { answerCalls, checkAllowed } from './http.ts';
