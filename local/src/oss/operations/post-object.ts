import { contentMd5, identityHeaders, quoted, renderedAnswer, urlOfObject } from '../answers.ts';
import { fromBytes, fromValidBytes, toBytes } from '../bytes.ts';
import { callBack } from '../callback/call-back.ts';
import { readFormCallback } from '../callback/read-callback.ts';
import { checkObjectKey } from '../core/names.ts';
import { invalidArgument, OssError } from '../errors.ts';
import { MAX_FORM_FIELD_BYTES, MAX_UPLOAD_BYTES } from '../limits.ts';
import { type Answer, bucketOf, type Operation } from '../operation.ts';
import { Pace, parseTrafficLimit } from '../pace.ts';
import { boundaryOf, type Form, readForm } from '../post/multipart.ts';
import { checkPostPolicy, type SizeRange } from '../post/policy.ts';
import { readProperties } from '../properties.ts';
import { Headers } from '../request.ts';
import type { ObjectRecord } from '../store/types.ts';
import { checkFields } from '../taken/check-taken.ts';
import { readContentMd5, readForbidOverwrite, uploadBody } from '../upload-body.ts';

/**
 * Stores an upload from a browser's form: its signer and its policy are in its fields, not in the
 * head.
 */
export const postObject: Operation = {
  permissions: () => [],
  ignoresSignature: true,

  async run({ service, request, caller: client, asSignerOf }) {
    const bucket = service.buckets.require(bucketOf(request));
    const boundary = boundaryOf(request.headers.get('content-type'));
    const form = await readForm(
      uploadBody(request, MAX_UPLOAD_BYTES + MAX_FORM_FIELD_BYTES * 8),
      boundary,
    );
    const { fields } = form;
    const key = readKey(form);
    const contentType = chooseType(form);

    const signer = asSignerOf(fields);
    checkFields(fields.keys());
    if (signer.policy)
      checkPostPolicy(signer.policy, service.clock.now(), (field) => {
        if (field === 'bucket') return bucket.name;
        if (field === 'key') return toBytes(key);
        return field === 'content-type' ? contentType : fields.get(field);
      });
    const path = { bucket: bucket.name, key };
    const caller = { ...client, requester: signer.key?.principal };
    signer.authorize([
      { action: 'oss:PutObject', ...path, access: 'write' },
      ...(fields.has('x-oss-tagging')
        ? [{ action: 'oss:PutObjectTagging', ...path } as const]
        : []),
    ]);

    const limit = parseTrafficLimit(fields.get('x-oss-traffic-limit'));
    const pace = new Pace({ clock: service.clock, closing: service.closing, limit });
    const callback = readFormCallback(fields);
    const redirect = readRedirect(fields.get('success_action_redirect'));
    const headers = new Headers({ ...Object.fromEntries(fields), 'content-type': contentType });
    const object = await service.objects.put(
      path,
      pace.over(within(form.file.content, signer.policy?.size)),
      {
        properties: readProperties(headers, bucket),
        contentMd5: readContentMd5({ headers }),
        forbidOverwrite: readForbidOverwrite({ headers }),
        event: 'ObjectCreated:PostObject',
      },
      caller,
    );
    if (callback) {
      const { 'Last-Modified': _, ...identity } = identityHeaders(object);
      const stored = { object, caller, operation: 'PostObject' } as const;
      return callBack(callback, stored, {
        host: request.host,
        headers: identity,
        closing: service.closing,
      });
    }
    return answerForm(
      object,
      redirect,
      fields.get('success_action_status'),
      urlOfObject(request, object),
    );
  },
};

/** Placeholder for the file's name in the field `key`. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: the form has it like this
const FILENAME = '${filename}';

/**
 * Reads the field `key`, with `${filename}` replaced by the last segment of the file's name. Throws
 * InvalidArgument or InvalidObjectName.
 */
function readKey({ fields, file }: Form): string {
  const pattern = fields.get('key');
  if (!pattern)
    throw new OssError('InvalidArgument', {
      message:
        "Bucket POST must contain a field named 'key'. If it is specified, please check the order of the fields.",
      details: { ArgumentName: 'key', ArgumentValue: '' },
    });
  const filename = file.name.split(/[/\\]/).at(-1) ?? '';
  const key = fromValidBytes(pattern.replaceAll(FILENAME, () => filename));
  if (key === undefined) throw new OssError('InvalidObjectName');
  checkObjectKey(key);
  return key;
}

/**
 * Chooses the content type in the documented order: OSS's own form field, the browser's type of the
 * file, the plain field.
 */
function chooseType({ fields, file }: Form): string | undefined {
  return fields.get('x-oss-content-type') || file.contentType || fields.get('content-type');
}

/**
 * Yields the content; throws as soon as it exceeds the allowed size, or at its end when it is too
 * small.
 */
async function* within(
  content: AsyncIterable<Uint8Array>,
  { min, max }: SizeRange = { min: 0, max: MAX_UPLOAD_BYTES },
): AsyncGenerator<Uint8Array, void> {
  const ec = '0006-00000004';
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > max)
      throw new OssError('EntityTooLarge', { ec, details: { MaxSizeAllowed: String(max) } });
    yield chunk;
  }
  if (size < min)
    throw new OssError('EntityTooSmall', {
      ec,
      details: { MinSizeAllowed: String(min), ProposedSize: String(size) },
    });
}

function answerForm(
  object: ObjectRecord,
  redirect: URL | undefined,
  status: string | undefined,
  location: string,
): Answer {
  const { bucket, key, eTag } = object;
  const { 'Last-Modified': _, ...identity } = identityHeaders(object);
  const headers = { ...identity, 'Content-MD5': contentMd5(eTag), Location: location };
  if (redirect) {
    redirect.searchParams.set('bucket', bucket);
    redirect.searchParams.set('key', key);
    redirect.searchParams.set('etag', quoted(eTag));
    return { status: 303, headers: { ...headers, Location: redirect.href } };
  }
  switch (status) {
    case '200':
      return { status: 200, headers };
    case '201':
      return renderedAnswer(
        201,
        'PostResponse',
        { Bucket: bucket, Location: location, Key: key, ETag: quoted(eTag) },
        headers,
      );
    default:
      return { status: 204, headers };
  }
}

/**
 * Reads the redirect address; undefined when there is none. Throws InvalidArgument for one that no
 * browser could open.
 */
function readRedirect(text: string | undefined): URL | undefined {
  if (!text) return undefined;
  const url = fromBytes(text);
  if (URL.canParse(url) && /^https?:/i.test(url)) return new URL(url);
  throw invalidArgument('success_action_redirect', url, 'give an http or https URL');
}
