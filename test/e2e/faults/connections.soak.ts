import { losesNothing } from './under-faults.ts';

losesNothing('connections');
