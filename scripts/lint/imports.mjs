// Checks imports: dependency-cruiser with the rules of .dependency-cruiser.mjs. Also checks that every rule applies to
// something: a rule for a renamed folder would always hold. Works on the current directory.
import { cruise } from 'dependency-cruiser';
import config from '../../.dependency-cruiser.mjs';
import { coverageFaults, FOLDERS } from './floors.mjs';

const { forbidden, options } = config;
const comments = new Map(forbidden.map(({ name, comment }) => [name, comment]));

const { output } = await cruise(FOLDERS, { ...options, validate: true, ruleSet: { forbidden } });

const violations = output.summary.violations.map(({ rule, from, to, cycle }) => {
  const path = cycle ? cycle.map(({ name }) => name).join(' -> ') : to;
  return `${from} -> ${path}: ${comments.get(rule.name)} (${rule.name})`;
});
const faults = [...violations, ...coverageFaults(output.modules.map(({ source }) => source))];
for (const fault of faults) console.log(fault);
console.log(`${output.summary.totalCruised} modules, ${output.summary.totalDependenciesCruised} imports`);
process.exitCode = faults.length === 0 ? 0 : 1;
