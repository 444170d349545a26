// The component ros must not be run: its remove never ends at DELETE_FAILED, and its deploy waits for an
// event that is newer than this machine's clock.
const never = (command) => async () => {
  throw new Error(`ros ${command} was run`);
};
module.exports = class {
  deploy = never('deploy');
  remove = never('remove');
  info = never('info');
};
