export { forms, Plane, type Form, type Part, type PlaneOptions } from './plane.js';
export { Program, signet, until } from './programs.js';
