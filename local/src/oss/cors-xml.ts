import { childText, childTexts } from '../xml/children.ts';
import type { XmlElement } from '../xml/parse.ts';
import type { XmlValue } from '../xml/write.ts';
import { invalidArgument, OssError } from './errors.ts';
import { MAX_CORS_MAX_AGE_SECONDS, MAX_CORS_RULES } from './limits.ts';
import type { CorsConfiguration, CorsRule } from './spec.ts';

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'];

/** Throws MalformedXML or InvalidArgument. */
export function readCors(body: XmlElement): CorsConfiguration {
  const rules = body.children.filter(({ name }) => name === 'CORSRule').map(readRule);
  if (rules.length === 0) throw new OssError('MalformedXML');
  if (rules.length > MAX_CORS_RULES) throw new OssError('CORSRuleBeyondLimit');
  return { rules, responseVary: childText(body, 'ResponseVary')?.trim() === 'true' };
}

function readRule(element: XmlElement): CorsRule {
  const allowedOrigins = childTexts(element, 'AllowedOrigin');
  const allowedMethods = childTexts(element, 'AllowedMethod');
  const allowedHeaders = childTexts(element, 'AllowedHeader');
  const exposeHeaders = childTexts(element, 'ExposeHeader');
  if (allowedOrigins.length === 0 || allowedMethods.length === 0)
    throw new OssError('MalformedXML');
  const method = allowedMethods.find((one) => !METHODS.includes(one));
  if (method !== undefined)
    throw invalidArgument('AllowedMethod', method, `give ${METHODS.join(', ')}`);
  for (const pattern of [...allowedOrigins, ...allowedHeaders])
    if (pattern === '' || pattern.split('*').length > 2)
      throw invalidArgument('CORSRule', pattern, 'give a text with one * at most');
  const exposed = exposeHeaders.find((name) => !/^[A-Za-z0-9-]+$/.test(name));
  if (exposed !== undefined)
    throw invalidArgument('ExposeHeader', exposed, 'give the name of a header, without *');
  return { allowedOrigins, allowedMethods, allowedHeaders, exposeHeaders, ...readMaxAge(element) };
}

function readMaxAge(element: XmlElement): Pick<CorsRule, 'maxAgeSeconds'> {
  const text = childText(element, 'MaxAgeSeconds')?.trim();
  if (text === undefined) return {};
  if (/^\d{1,9}$/.test(text)) return { maxAgeSeconds: Number(text) };
  throw invalidArgument('MaxAgeSeconds', text, `give 0 to ${MAX_CORS_MAX_AGE_SECONDS}`);
}

export function renderCors({ rules, responseVary }: CorsConfiguration): XmlValue {
  return {
    CORSRule: rules.map((rule) => ({
      AllowedOrigin: rule.allowedOrigins,
      AllowedMethod: rule.allowedMethods,
      AllowedHeader: rule.allowedHeaders,
      ExposeHeader: rule.exposeHeaders,
      MaxAgeSeconds: rule.maxAgeSeconds,
    })),
    ResponseVary: responseVary,
  };
}
