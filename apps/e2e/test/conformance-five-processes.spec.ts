import { conformance } from './conformance/suite.js';

conformance('five processes');
