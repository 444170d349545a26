import { because, missing, OpenApiError } from '../errors.ts';
import type { OpenApiRequest } from '../request.ts';
import { assumeRole } from './assume-role.ts';
import { assumeRoleWithOidc } from './assume-role-with-oidc.ts';
import { getCallerIdentity } from './get-caller-identity.ts';
import type { Operation } from './operation.ts';
import { queryMcubeVhost } from './query-mcube-vhost.ts';

interface Product {
  name: string;
  operations: Readonly<Record<string, Operation>>;
  /** Returns whether an action may exist in the cloud though it does not here. */
  hasOthers(action: string): boolean;
}

const PRODUCT_OF_VERSION: Readonly<Record<string, Product>> = {
  '2015-04-01': {
    name: 'Sts',
    operations: {
      AssumeRole: assumeRole,
      AssumeRoleWithOIDC: assumeRoleWithOidc,
      GetCallerIdentity: getCallerIdentity,
    },
    hasOthers: (action) => action === 'AssumeRoleWithSAML',
  },
  '2020-10-28': {
    name: 'mPaaS',
    operations: { QueryMcubeVhost: queryMcubeVhost },
    hasOthers: () => true,
  },
};

/**
 * Returns the operation that a request names. Throws InvalidVersion, InvalidAction.NotFound, or
 * NotImplemented for one that only the cloud has.
 */
export function findOperation(request: OpenApiRequest): {
  action: string;
  operation: Operation;
  /** In lower case, as in RAM. */
  product: string;
} {
  const version = nameOf(request, 'Version', 'x-acs-version');
  const action = nameOf(request, 'Action', 'x-acs-action');
  const product = own(PRODUCT_OF_VERSION, version);
  if (!product)
    throw because(
      'InvalidVersion',
      `The local cloud knows ${Object.entries(PRODUCT_OF_VERSION)
        .map(([known, { name }]) => `${known} (${name})`)
        .join(' and ')}.`,
    );
  const operation = own(product.operations, action);
  if (operation) return { action, operation, product: product.name.toLowerCase() };
  if (!product.hasOthers(action)) throw new OpenApiError('InvalidAction.NotFound');
  throw because(
    'NotImplemented',
    `Of ${product.name} it has ${Object.keys(product.operations).join(', ')}.`,
  );
}

/** Reads the action from the place that the signature covers. */
function nameOf({ scheme, parameters, headers }: OpenApiRequest, name: string, header: string) {
  const value =
    scheme === 'rpc'
      ? parameters.get(name)
      : scheme === 'acs3'
        ? headers[header]
        : (parameters.get(name) ?? headers[header]);
  if (!value) throw missing(name, scheme === 'acs3' ? header : name);
  return value;
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
