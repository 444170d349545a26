/**
 * mpaas-vhost: looks up the virtual host of an mPaaS app's offline packages.
 *
 * Trigger   HTTP, GET (s.yaml: mpaas-vhost)
 * Run here  npm start, then: curl <address>
 * Change    what is asked of mPaaS, and with it the session policy
 * Docs      https://www.alibabacloud.com/help/en/mobile-platform-as-a-service
 *
 * The credential of the context only serves to assume RAM_ROLE_ARN; mPaaS sees the temporary
 * credential of that role, narrowed to this one action. If the function has no role, the pair of a RAM
 * user in MPAAS_AK_ENV and MPAAS_SK_ENV assumes it: RAM_ROLE_ARN has to trust that user then.
 */
import { invocationCredentials } from '#shared/credentials';
import { environment, httpHandler, json } from '#shared/handler';
import { queryMcubeVhost } from '#shared/openapi';

const session = {
  sessionName: 'mpaas-vhost',
  policy: {
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: 'mpaas:QueryMcubeVhost', Resource: '*' }],
  },
};

export const handler = httpHandler({
  async handle({ context, log }) {
    const { MPAAS_REGION, MPAAS_APP_ID, MPAAS_WORKSPACE_ID, MPAAS_TENANT_ID } = environment([
      'RAM_ROLE_ARN', // read by invocationCredentials
      'MPAAS_REGION',
      'MPAAS_APP_ID',
      'MPAAS_WORKSPACE_ID',
      'MPAAS_TENANT_ID',
    ]);
    const credentials = invocationCredentials('mpaas', context, session);
    const query = {
      appId: MPAAS_APP_ID,
      workspaceId: MPAAS_WORKSPACE_ID,
      tenantId: MPAAS_TENANT_ID,
    };

    const vhost = await queryMcubeVhost(query, { credentials, region: MPAAS_REGION });
    log.info({ appId: MPAAS_APP_ID, vhost }, 'Looked up vhost');
    return json(200, { appId: MPAAS_APP_ID, vhost });
  },
});
