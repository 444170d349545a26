export interface CiOptions {
  /** OWNER/REPO. */
  repository: string;
  app: string;
  region: string;
  environments: readonly string[];
  /** The functions that infra/ci.yaml's role and the workflow do not have. */
  strangers: readonly string[];
}

function strangersStep(strangers: readonly string[]): string {
  if (strangers.length === 0) return '';
  return `0. ${strangers.join(', ')}: name ${strangers.length === 1 ? 'it' : 'them'} in infra/ci.yaml, under oidc:sub, and in .github/workflows/deploy.yml,
   among the options; until then RAM refuses a deployment there.

`;
}

const ISSUER_HOST = 'token.actions.githubusercontent.com';

/** Returns the steps that let GitHub deploy a project without a key, in order, for a person to follow. */
export function githubSteps({
  repository,
  app,
  region,
  environments,
  strangers,
}: CiOptions): string {
  return `Deployments from GitHub without a key (once, by an administrator of the account)

${strangersStep(strangers)}1. The fingerprint of the certificate that ends the issuer's chain:

  echo | openssl s_client -servername ${ISSUER_HOST} -connect ${ISSUER_HOST}:443 -showcerts 2>/dev/null \\
    | awk '/BEGIN CERT/{c=""} {c=c $0 "\\n"} /END CERT/{last=c} END{printf "%s", last}' \\
    | openssl x509 -noout -fingerprint -sha1 | sed 's/.*=//; s/://g'

2. Identity provider and deploy role, as a stack of their own:

  aliyun ros CreateStack --RegionId ${region} --StackName ${app}-ci \\
    --TemplateBody "$(cat infra/ci.yaml)" \\
    --Parameters.1.ParameterKey Repository --Parameters.1.ParameterValue ${repository} \\
    --Parameters.2.ParameterKey AppName --Parameters.2.ParameterValue ${app} \\
    --Parameters.3.ParameterKey Fingerprints --Parameters.3.ParameterValue FINGERPRINT
  aliyun ros GetStack --RegionId ${region} --StackId STACK_ID      # its outputs, once it is CREATE_COMPLETE

3. At https://github.com/${repository}/settings/environments the environments ${environments.join(', ')},
   reviewers for those that want them, and in each these variables (none is a secret):

  OIDC_PROVIDER_ARN           the output ProviderArn
  DEPLOY_ROLE_ARN             the output RoleArn
  ALIBABA_CLOUD_ACCOUNT_ID    the account's id
  REGION, APP_NAME            ${region}, ${app}; BUCKET_NAME and ALARM_EMAIL where there are such

4. .github/workflows/deploy.yml deploys main to testing, and what a person starts to the others.

The token's subject is repo:${repository}:environment:<name>. RAM answers AuthenticationFail.NoPermission
where the role names another: compare with the token of one run (a newer repository's may carry ids).

Another CI that issues OIDC tokens (GitLab, Jenkins, Buildkite and others): give infra/ci.yaml its issuer and
fingerprint, write its subjects in place of GitHub's, let the job write its token to a file, and set
ALIBABA_CLOUD_OIDC_PROVIDER_ARN, ALIBABA_CLOUD_OIDC_TOKEN_FILE and ALIBABA_CLOUD_ROLE_ARN:
fc-templates deploy trades it itself. One without: ALIBABA_CLOUD_ACCESS_KEY_ID and its kin, from a vault.`;
}
