import CSealing
import GuardianCore

/// Where work with keys leaves nothing behind: a thread that overwrites all memory that it frees, and whose stack is
/// overwritten before the caller goes on. What it returns is the caller's to wipe.
enum WipingThread {
    /// - Throws: what the work throws; `resourceExhausted` when there is no thread for it.
    static func run<Outcome>(_ work: () throws -> Outcome) throws -> Outcome {
        try withoutActuallyEscaping(work) { work in
            let errand = Errand(work)
            guard gse_on_wiping_thread(AnyErrand.run, Unmanaged<AnyErrand>.passUnretained(errand).toOpaque()) == 0,
                let outcome = errand.outcome
            else { throw GuardianError(.resourceExhausted, "There is no memory for a thread that seals.") }
            return try outcome.get()
        }
    }
}

/// A C function knows no type parameters.
private class AnyErrand {
    func perform() {}

    static let run: @convention(c) (UnsafeMutableRawPointer?) -> Void = { context in
        guard let context else { return }
        Unmanaged<AnyErrand>.fromOpaque(context).takeUnretainedValue().perform()
    }
}

private final class Errand<Outcome>: AnyErrand {
    private let work: () throws -> Outcome
    private(set) var outcome: Result<Outcome, any Error>?

    init(_ work: @escaping () throws -> Outcome) { self.work = work }

    override func perform() { outcome = Result { try work() } }
}
