import { conformance } from './conformance/suite.js';

conformance('one process');
