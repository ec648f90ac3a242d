// Registers the reports of a block; dry run of the same checks for the author.
// Spec: RFC-0031 § Initial Validation, § Join and `prune`; D5.
import { DispatchResult, moduleErrorIndex, OK } from '../../frame';
import { Attestation, WorkReport } from '../../primitives/corejam';
import { none, Option, some } from '../../scale';
import { hasComplaint, joinReports } from './join';
import { Registrar } from './registrar';
import { Reporting } from './state';

/** Registers reports. Panics if one fails Initial Validation, or a class prunes one. */
export function doReport(attestations: Array<Attestation>): void {
  if (Reporting.done.get()) throw new Error('reporting: one inherent a block');
  const registrar = new Registrar();
  const reports = new Array<WorkReport>();
  for (let i = 0; i < attestations.length; i++) {
    const error = registrar.check(attestations[i]);
    if (error != OK) {
      throw new Error(`reporting: attestation ${i.toString()} fails with error ${moduleErrorIndex(error).toString()}`);
    }
    registrar.admit(attestations[i]);
    reports.push(attestations[i].report);
  }
  // D5: the author has pruned already, so no class may object. Nothing is written before, so `prune` reads the same
  // state as when the author called it.
  const answers = joinReports(reports);
  for (let i = 0; i < answers.length; i++) {
    if (hasComplaint(answers[i].answer)) {
      throw new Error(`reporting: class ${answers[i].classId.toString()} does not accept its outputs`);
    }
  }
  Reporting.done.set(true);
  registrar.write();
}

/**
 * Whether the reports could be Registered, in order: for each, none or the index of its ReportingError. The first `taken`
 * passed on this state before, in the same order but for reports that are left out since: they are not checked again.
 */
export function validateReports(attestations: Array<Attestation>, taken: u32): Array<Option<u8>> {
  const registrar = new Registrar();
  const errors = new Array<Option<u8>>();
  for (let i = 0; i < attestations.length; i++) {
    const error = <u32>i < taken ? OK : registrar.check(attestations[i]);
    if (error == OK) registrar.admit(attestations[i]);
    errors.push(asOption(error));
  }
  return errors;
}

/**
 * As `validateReports`, without the checks of length, weight and signatures, for candidates in the order of their turns
 * (`Registrar.screen`). Neither outputs nor evidence are read, so they may be left out.
 */
export function screenReports(reports: Array<WorkReport>, taken: u32): Array<Option<u8>> {
  const registrar = new Registrar();
  const errors = new Array<Option<u8>>();
  for (let i = 0; i < reports.length; i++) {
    const error = <u32>i < taken ? OK : registrar.screen(reports[i]);
    if (error == OK) {
      const attestation = new Attestation();
      attestation.report = reports[i];
      registrar.admit(attestation);
    }
    errors.push(asOption(error));
  }
  return errors;
}

function asOption(error: DispatchResult): Option<u8> {
  return error == OK ? none<u8>() : some<u8>(moduleErrorIndex(error));
}
