import Foundation
import GuardianCore

extension Retry {
    /// Does the same as `run` for code that may block its thread, such as a database's own queue.
    ///
    /// - Throws: the last failure of `body` as it was.
    public func runBlocking<Value>(
        when isRetryable: (any Error) -> Bool = { ($0 as? GuardianError)?.isRetryable ?? false },
        _ body: (_ attempt: Int) throws -> Value
    ) throws -> Value {
        let clock = ContinuousClock()
        let end = clock.now.advanced(by: deadline)
        var attempt = 1
        while true {
            do {
                return try body(attempt)
            } catch {
                guard attempt < attempts, isRetryable(error) else { throw error }
                let wait = backoff.delay(after: attempt)
                guard clock.now.advanced(by: wait) < end else { throw error }
                Thread.sleep(forTimeInterval: wait / .seconds(1))
                attempt += 1
            }
        }
    }
}
