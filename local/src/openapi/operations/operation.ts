import type { Identities } from '../../identities/identities.ts';
import type { AccessKey, AccessRequest, Decision } from '../../identities/types.ts';
import type { XmlFields } from '../../xml/write.ts';
import type { Parameters } from '../parameters.ts';

/** What mPaaS is asked about here. */
export interface MpaasOptions {
  /** The virtual host of each app, by app id. */
  vhosts: Readonly<Record<string, string>>;
  /** Answers in camelCase, as parts of the documentation show it, instead of PascalCase. */
  camelCase?: boolean;
}

export interface Call {
  requestId: string;
  parameters: Parameters;
  identities: Identities;
  region: string;
  mpaas: MpaasOptions;
  /** Where it comes from, for policies' conditions. */
  origin: Pick<AccessRequest, 'sourceIp' | 'secureTransport'>;
  /** Hears what the caller's policies say where the account itself asks them; absent: no one does. */
  onDecision?(asked: AccessRequest, decision: Decision): void;
}

export interface SignedCall extends Call {
  key: AccessKey;
}

/** Elements of an XML answer, or the same as JSON. */
export type Answer = XmlFields;

export interface SignedOperation {
  signed: true;
  /** What the caller's policies have to allow; absent where RAM is not asked or the operation asks itself. */
  permission?(call: SignedCall): Pick<AccessRequest, 'action' | 'resource'>;
  run(call: SignedCall): Answer;
}

/** Needs no signature and takes none into account. */
export interface AnonymousOperation {
  signed: false;
  run(call: Call): Answer;
}

export type Operation = SignedOperation | AnonymousOperation;
