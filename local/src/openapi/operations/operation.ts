import type { Identities } from '../../identities/identities.ts';
import type { AccessKey, AccessRequest, Decision } from '../../identities/types.ts';
import type { XmlFields } from '../../xml/write.ts';
import type { Parameters } from '../parameters.ts';

/** Data for mPaaS's answers. */
export interface MpaasOptions {
  /** The virtual host of each app, by app id. */
  vhosts: Readonly<Record<string, string>>;
  /** Answers in camelCase, as in parts of the documentation, instead of PascalCase. */
  camelCase?: boolean;
}

export interface Call {
  requestId: string;
  parameters: Parameters;
  identities: Identities;
  region: string;
  mpaas: MpaasOptions;
  /** Origin of the request, for policies' conditions. */
  origin: Pick<AccessRequest, 'sourceIp' | 'secureTransport'>;
  /**
   * Called with decisions of the caller's policies where the account itself evaluates them; absent:
   * they are not observed.
   */
  onDecision?(asked: AccessRequest, decision: Decision): void;
}

export interface SignedCall extends Call {
  key: AccessKey;
}

/** Elements of an XML answer, or the same as JSON. */
export type Answer = XmlFields;

export interface SignedOperation {
  signed: true;
  /**
   * Returns the permission that the caller needs; absent where RAM is not involved or the operation
   * checks it itself.
   */
  permission?(call: SignedCall): Pick<AccessRequest, 'action' | 'resource'>;
  run(call: SignedCall): Answer;
}

/** An operation that needs no signature and ignores one. */
export interface AnonymousOperation {
  signed: false;
  run(call: Call): Answer;
}

export type Operation = SignedOperation | AnonymousOperation;
