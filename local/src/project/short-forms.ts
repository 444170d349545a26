/** ROS's short forms, and the long ones they abbreviate. */
const SHORT_FORMS: Record<string, string> = {
  '!Ref': 'Ref',
  '!GetAtt': 'Fn::GetAtt',
  '!Sub': 'Fn::Sub',
  '!Join': 'Fn::Join',
  '!If': 'Fn::If',
  '!Equals': 'Fn::Equals',
  '!Not': 'Fn::Not',
};

/** The tags that are known, for messages. */
export const KNOWN_TAGS = Object.keys(SHORT_FORMS).join(', ');

/**
 * Returns the long form of a tag; undefined for one that is none of ROS's short forms, unless
 * `anyShortForm`: then it becomes the long form of that name.
 */
export function longForm(tag: string, anyShortForm: boolean): string | undefined {
  if (Object.hasOwn(SHORT_FORMS, tag)) return SHORT_FORMS[tag];
  return anyShortForm ? `Fn::${tag.slice(1)}` : undefined;
}
