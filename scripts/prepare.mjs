// After `npm ci`: what the sources need that no package of npm brings. Plain JavaScript, as it also runs where the development
// packages are left out; where this file is, too, `prepare` in package.json does nothing.
import { requireGrammar } from './bootstrap.mjs';

requireGrammar();
