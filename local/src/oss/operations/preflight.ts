import { corsHeaders } from '../cors.ts';
import { OssError } from '../errors.ts';
import { bucketOf, type Operation } from '../operation.ts';

/** Answers the preflight that a browser sends before a page's request; it is never signed. */
export const preflight: Operation = {
  permissions: () => [],
  ignoresSignature: true,

  async run({ service, request }) {
    const { cors } = service.buckets.require(bucketOf(request));
    const origin = request.headers.get('origin');
    const method = request.headers.get('access-control-request-method');
    if (!origin) throw missing('Origin request header');
    if (!method) throw missing('Request Access-Control-Request-Method header');
    if (!cors)
      throw new OssError('AccessForbidden', {
        message: 'CORSResponse: CORS is not enabled for this bucket.',
      });
    const headers = (request.headers.get('access-control-request-headers') ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    const allowed = corsHeaders(cors, { origin, method, headers });
    if (!allowed) throw new OssError('AccessForbidden');
    return { status: 200, headers: allowed };
  },
};

/** Returns the error with the message on the page of status 400. */
function missing(what: string): OssError {
  return new OssError('BadRequest', { message: `Insufficient information. ${what} needed.` });
}
