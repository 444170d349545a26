import { FcError } from '../errors.ts';
import type { HttpAnswer } from './http-response.ts';

const APK = 'application/vnd.android.package-archive';

/**
 * Returns an answer as a trigger's default domain, `*.fcapp.run`, sends it: every browser saves it
 * as a file, since it gets Content-Disposition: attachment, and a redirect or an Android package is
 * refused. A custom domain has none of this. Throws FcError ExternalRedirectForbidden, and
 * ApkDownloadForbidden, of which only the status is documented.
 */
export function atDefaultDomain(answer: HttpAnswer): HttpAnswer {
  const { status, headers } = answer;
  if (status >= 300 && status < 400 && status !== 304)
    throw new FcError(
      'ExternalRedirectForbidden',
      'The external redirect is forbidden, please use custom domain endpoint',
    );
  if (String(headers['content-type']).toLowerCase().split(';')[0]?.trim() === APK)
    throw new FcError(
      'ApkDownloadForbidden',
      'The download of Android packages is forbidden, please use custom domain endpoint',
    );
  // The function's own file name is kept.
  if (/^attachment\b/i.test(String(headers['content-disposition']))) return answer;
  return { ...answer, headers: { ...headers, 'content-disposition': 'attachment' } };
}
