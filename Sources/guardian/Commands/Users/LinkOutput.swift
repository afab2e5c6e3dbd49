import ArgumentParser

/// How a command prints a link that a phone may open.
struct LinkOutput: ParsableArguments {
    @Flag(help: "Draw it as a QR code as well, which is done on a terminal anyway.")
    var qr = false

    /// Prints the link as the first line, and its code below.
    func show(_ link: some CustomStringConvertible) throws {
        Console.line("\(link)")
        if qr || Console.isTerminal { try Console.qrCode(of: "\(link)") }
    }
}
