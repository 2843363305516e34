#!/usr/bin/env node
const { loadPrograms } = require('./programs.cjs');

const programs = loadPrograms('one-process');
if (programs) void programs.exports.runOneProcess({ afterOpen: programs.keep });
