import ArgumentParser
import GuardianEdge

/// Which cameras to add without naming their addresses.
struct CameraSearchOptions: ParsableArguments {
    @Flag(help: "Search the recorder's networks for ONVIF cameras, and choose from those that answer.")
    var discover = false

    @Flag(help: "Add all that the search finds, without asking which.")
    var all = false

    @Option(help: "Only cameras that name this maker, as the search prints it.")
    var maker: String?

    @Option(help: "How many seconds to search, from 1 to 30. Usually 4.")
    var seconds: Int?

    @Flag(help: "Send the password so that others on the network can read it, to cameras that take it in no other way.")
    var allowClearText = false

    func validate() throws {
        guard discover || (!all && maker == nil && seconds == nil && !allowClearText) else {
            throw ValidationError("--all, --maker, --seconds and --allow-clear-text need --discover.")
        }
        guard seconds.map(CameraInquiry.seconds.contains) ?? true else {
            throw ValidationError("--seconds must be from 1 to 30.")
        }
    }
}
