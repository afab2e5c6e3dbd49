import CSealing
import GuardianCore

/// Runs work with keys on a thread that overwrites all memory that it frees, and whose stack is overwritten before the
/// caller continues. The caller wipes what the work returns.
enum WipingThread {
    /// - Throws: what the work throws; `resourceExhausted` when the thread cannot be created.
    static func run<Outcome>(_ work: () throws -> Outcome) throws -> Outcome {
        try withoutActuallyEscaping(work) { work in
            let job = Job(work)
            guard gse_on_wiping_thread(AnyJob.run, Unmanaged<AnyJob>.passUnretained(job).toOpaque()) == 0,
                let outcome = job.outcome
            else { throw GuardianError(.resourceExhausted, "There is not enough memory for the thread that seals.") }
            return try outcome.get()
        }
    }
}

/// Work without a type parameter, because a C function cannot be generic.
private class AnyJob {
    func perform() {}

    static let run: @convention(c) (UnsafeMutableRawPointer?) -> Void = { context in
        guard let context else { return }
        Unmanaged<AnyJob>.fromOpaque(context).takeUnretainedValue().perform()
    }
}

private final class Job<Outcome>: AnyJob {
    private let work: () throws -> Outcome
    private(set) var outcome: Result<Outcome, any Error>?

    init(_ work: @escaping () throws -> Outcome) { self.work = work }

    override func perform() { outcome = Result { try work() } }
}
