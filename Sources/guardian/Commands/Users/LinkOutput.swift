import ArgumentParser
import GuardianHTTP

/// How a command prints a link that a phone may open.
struct LinkOutput: ParsableArguments {
    @Flag(help: "Draw it as a QR code as well, which is done on a terminal anyway.")
    var qr = false

    /// Prints the link for each address, one a line and the best first, and the code of that one below.
    func show<Link: CustomStringConvertible>(_ pages: PageAddresses, _ link: (_ page: String) -> Link) throws {
        for page in pages.all { Console.line("\(link(page))") }
        if qr || Console.isTerminal { try Console.qrCode(of: "\(link(pages.first))") }
    }
}
