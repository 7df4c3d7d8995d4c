// What the last line of `npm test` says.

export const total = { passed: 0, failed: 0, skipped: 0 };

/** Counts a check that passes or fails as a whole; returns whether it passed. */
export function countCheck(isPassed) {
  total[isPassed ? 'passed' : 'failed'] += 1;
  return isPassed;
}

/** Counts what jest's own JSON says passed, failed and was skipped; a runner that failed without a failed test is one failure. */
export function countReport(report, code) {
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  total.passed += report.numPassedTests;
  total.failed += code !== 0 && failed === 0 ? 1 : failed;
  total.skipped += report.numPendingTests;
  for (const { assertionResults } of report.testResults) {
    for (const test of assertionResults) if (test.status === 'pending') console.log(`skipped: ${test.fullName}`);
  }
}
