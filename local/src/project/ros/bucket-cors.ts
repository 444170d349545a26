import { MAX_CORS_MAX_AGE_SECONDS, MAX_CORS_RULES } from '../../oss/limits.ts';
import { Fields } from '../fields.ts';
import type { CorsConfiguration, CorsRule } from '../types.ts';

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'];

/** Reads the CORSConfiguration of an ALIYUN::OSS::Bucket; undefined when there is none. */
export function readCors(bucket: Fields): CorsConfiguration | undefined {
  const configuration = bucket.map('CORSConfiguration')?.only(['CORSRule', 'ResponseVary']);
  if (!configuration) return undefined;
  const rules = configuration
    .list('CORSRule')
    .map((tree, index) => readRule(new Fields(tree, `${configuration.owner}, rule ${index + 1}`)));
  if (rules.length === 0 || rules.length > MAX_CORS_RULES)
    throw configuration.fault(
      'CORSRule',
      `has ${rules.length} rules`,
      `give 1 to ${MAX_CORS_RULES}`,
    );
  return { rules, responseVary: configuration.boolean('ResponseVary') ?? false };
}

function readRule(rule: Fields): CorsRule {
  rule.only(['AllowedOrigin', 'AllowedMethod', 'AllowedHeader', 'ExposeHeader', 'MaxAgeSeconds']);
  rule.require('AllowedOrigin');
  rule.require('AllowedMethod');
  const methods = rule.strings('AllowedMethod');
  const unknown = methods.find((method) => method !== '*' && !METHODS.includes(method));
  if (unknown !== undefined)
    throw rule.fault('AllowedMethod', `has "${unknown}"`, `use *, ${METHODS.join(', ')}`);
  const maxAgeSeconds = rule.integer('MaxAgeSeconds', { min: 0, max: MAX_CORS_MAX_AGE_SECONDS });
  return {
    allowedOrigins: readPatterns(rule, 'AllowedOrigin'),
    allowedMethods: methods.includes('*') ? METHODS : methods,
    allowedHeaders: readPatterns(rule, 'AllowedHeader'),
    exposeHeaders: rule.strings('ExposeHeader'),
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
  };
}

function readPatterns(rule: Fields, key: string): string[] {
  const patterns = rule.strings(key);
  const wrong = patterns.find((pattern) => pattern === '' || pattern.split('*').length > 2);
  if (wrong !== undefined)
    throw rule.fault(key, `has "${wrong}"`, 'write texts with one * at most');
  return patterns;
}
