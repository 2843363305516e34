#!/usr/bin/env node
const { loadPrograms } = require('./programs.cjs');

const given = process.argv.slice(2);
const [command, service] = given;
const programs = loadPrograms(command === 'serve' ? `serve-${service}` : 'command');
if (programs) void programs.exports.runCommand(given, programs.keep);
