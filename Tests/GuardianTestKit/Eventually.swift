import Testing

/// What a test waited for did not happen in time.
public struct ConditionNeverMet: Error, CustomStringConvertible {
    public let description: String
}

/// Waits until a condition holds, and fails the test when it does not hold in time.
///
/// The condition is asked every few milliseconds. The limit is generous, because test machines are busy, and because all tests of
/// the parallel stage begin at once and wait for a core: it ends a test that would hang, and says nothing about speed.
///
/// - Throws: `ConditionNeverMet` after `limit`; what the condition throws.
public func eventually(
    _ what: String, within limit: Duration = .seconds(300), fileID: String = #fileID, filePath: String = #filePath,
    line: Int = #line, column: Int = #column, _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else {
            let failure = ConditionNeverMet(description: "never happened within \(limit): \(what)")
            Issue.record(
                failure,
                sourceLocation: SourceLocation(fileID: fileID, filePath: filePath, line: line, column: column))
            throw failure
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// Waits until a condition holds, and advances the clock each time it does not hold yet.
///
/// For code that waits or measures by this clock and also works in real time, for example over a socket.
///
/// - Throws: `ConditionNeverMet` when the condition does not hold in five minutes of real time; what the condition throws.
public func eventually(
    _ what: String, advancing clock: TestClock, by step: Duration, fileID: String = #fileID,
    filePath: String = #filePath, line: Int = #line, column: Int = #column, _ condition: () async throws -> Bool
) async throws {
    try await eventually(what, fileID: fileID, filePath: filePath, line: line, column: column) {
        if try await condition() { return true }
        clock.advance(by: step)
        return false
    }
}
