// Takes a workspace's lock, says so and holds it until it is told to let go or killed. Runs the built program.
import { lockForWriting } from '../../../dist/store/mod.js';

const { release } = lockForWriting(process.argv[2]);
process.stdout.write('held\n');
process.stdin.once('data', () => {
  release();
  process.stdout.write('released\n');
});
