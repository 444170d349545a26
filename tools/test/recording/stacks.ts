import type { Answer } from './functions.ts';

/** Parameters of the ROS actions that are called, by their pages of 2025 and 2026. */
const KNOWN: Record<string, RegExp> = {
  ListStacks: /^(RegionId|StackName\.\d+|PageNumber|PageSize|Status\.\d+)$/,
  GetStack: /^(RegionId|StackId|ClientToken|OutputOption)$/,
  CreateStack:
    /^(RegionId|StackName|TemplateBody|TimeoutInMinutes|DisableRollback|Parameters\.\d+\.Parameter(Key|Value))$/,
  UpdateStack:
    /^(RegionId|StackId|TemplateBody|TimeoutInMinutes|DryRun|Parameters\.\d+\.Parameter(Key|Value))$/,
  PreviewStack:
    /^(RegionId|StackId|StackName|TemplateBody|TimeoutInMinutes|Parameters\.\d+\.Parameter(Key|Value))$/,
  DeleteStack: /^(RegionId|StackId|RetainAllResources|RetainResources\.\d+)$/,
  ListStackResources: /^(RegionId|StackId)$/,
};

export interface RecordedResource {
  LogicalResourceId: string;
  PhysicalResourceId: string;
  ResourceType: string;
  Status: string;
  StatusReason: string;
}

export interface RecordedStack {
  id: string;
  name: string;
  status: string;
  reason: string;
  outputs: Record<string, string>;
  resources: RecordedResource[];
  template: string;
}

/** Returns parameters that the action's page does not have. */
export function strangeParameters(action: string, form: URLSearchParams): string[] {
  const known = KNOWN[action];
  return known ? [...form.keys()].filter((name) => !known.test(name)) : [`action ${action}`];
}

/** The stacks of an account. Operations are complete after `looks` calls of GetStack. */
export class RecordedStacks {
  readonly all: RecordedStack[] = [];
  /** How often GetStack first answers IN_PROGRESS. */
  looks = 1;
  /** How a creation, update and deletion end. */
  ends = { create: 'CREATE_COMPLETE', update: 'UPDATE_COMPLETE', delete: 'DELETE_COMPLETE' };
  /** The outputs of the stack once it is made. */
  outputs: Record<string, string> = {};
  resources: RecordedResource[] = [];
  #pending: { stack: RecordedStack; status: string; looks: number } | undefined;

  add(stack: Partial<RecordedStack> & { name: string }): RecordedStack {
    const made: RecordedStack = {
      id: `id-of-${stack.name}`,
      status: 'CREATE_COMPLETE',
      reason: '',
      outputs: this.outputs,
      resources: this.resources,
      template: '',
      ...stack,
    };
    this.all.push(made);
    return made;
  }

  answer(action: string, form: URLSearchParams): Answer {
    if (action === 'ListStacks') {
      const name = form.get('StackName.1');
      const found = this.all.filter((one) => one.name === name);
      const Stacks = found.map(({ id, status }) => ({
        StackId: id,
        StackName: name,
        Status: status,
      }));
      return { status: 200, body: { TotalCount: Stacks.length, Stacks } };
    }
    if (action === 'CreateStack') {
      const name = form.get('StackName') ?? '';
      const stack = this.add({ name, status: 'CREATE_IN_PROGRESS', template: made(form) });
      this.#pending = { stack, status: this.ends.create, looks: this.looks };
      return { status: 200, body: { StackId: stack.id } };
    }
    const stack = this.all.find(({ id }) => id === form.get('StackId'));
    if (action === 'PreviewStack') return this.#preview(stack);
    if (!stack)
      return { status: 404, body: { Code: 'StackNotFound', Message: 'The Stack was not found' } };
    switch (action) {
      case 'GetStack':
        return { status: 200, body: this.#look(stack) };
      case 'ListStackResources':
        return { status: 200, body: { Resources: stack.resources } };
      case 'UpdateStack':
        if (stack.template === made(form))
          return {
            status: 400,
            body: {
              Code: 'NotSupported',
              Message: 'Update the completely same stack is not supported.',
            },
          };
        stack.template = made(form);
        stack.status = 'UPDATE_IN_PROGRESS';
        this.#pending = { stack, status: this.ends.update, looks: this.looks };
        return { status: 200, body: { StackId: stack.id } };
      default:
        stack.status = 'DELETE_IN_PROGRESS';
        this.#pending = { stack, status: this.ends.delete, looks: this.looks };
        return { status: 200, body: {} };
    }
  }

  #look(stack: RecordedStack) {
    const pending = this.#pending?.stack === stack ? this.#pending : undefined;
    if (pending && pending.looks-- <= 0) {
      stack.status = pending.status;
      this.#pending = undefined;
    }
    return {
      StackId: stack.id,
      StackName: stack.name,
      Status: stack.status,
      StatusReason: stack.reason,
      Outputs: Object.entries(stack.outputs).map(([OutputKey, OutputValue]) => ({
        OutputKey,
        OutputValue,
      })),
    };
  }

  #preview(stack: RecordedStack | undefined): Answer {
    const Resources = this.resources.map(({ LogicalResourceId, ResourceType }) => ({
      LogicalResourceId,
      ResourceType,
      Action: stack ? (LogicalResourceId === 'Bucket' ? 'Modify' : 'None') : 'Add',
    }));
    return { status: 200, body: { Stack: { Resources } } };
  }
}

function made(form: URLSearchParams): string {
  const kept = [...form].filter(([name]) => /^(TemplateBody|Parameters)/.test(name));
  return JSON.stringify(kept.sort());
}
