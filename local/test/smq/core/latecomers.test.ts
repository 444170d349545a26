import { expect, it } from 'vitest';
import { firstLease, type Message, messageOf } from '#src/smq/core/message';
import { MessageSet } from '#src/smq/core/message-set';
import { seededRandom } from '#test/seeded-random';

it('a set of messages that come in any order of age knows the oldest', () => {
  const random = seededRandom(3);
  const set = new MessageSet();
  const present: Message[] = [];
  for (let step = 0; step < 3000; step++) {
    if (random(5) < 3) {
      // Mostly in order of age, like sends, and now and then an older one, like a dead letter.
      const enqueueTime = random(4) === 0 ? random(step + 1) : step;
      const content = { id: String(step), body: 'x', bodyMd5: '', priority: 8, enqueueTime };
      const message = messageOf(content, step, firstLease(step, step));
      set.add(message, step);
      present.push(message);
    } else {
      const [gone] = present.splice(random(present.length || 1), 1);
      if (gone) set.remove(gone);
    }
    const ages = present.map(({ content }) => content.enqueueTime);
    expect(set.oldest()?.content.enqueueTime).toBe(ages.length > 0 ? Math.min(...ages) : undefined);
  }
});
