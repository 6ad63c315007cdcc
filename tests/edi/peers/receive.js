// An AS2 receiver that is not ours. It takes JSON {cert, key, theirs, encrypted, receipt, message}, the message being
// base64 of headers and body, and tells on its last line what it understood.
const { AS2Parser, AS2Disposition } = require('libas2')

async function main () {
  const chunks = []
  for await (const chunk of process.stdin) chunks.push(chunk)
  const { cert, key, theirs, encrypted, receipt, message } = JSON.parse(Buffer.concat(chunks).toString())
  const node = await AS2Parser.parse(Buffer.from(message, 'base64'))
  const answer = receipt ? await readReceipt(node, theirs) : await receive(node, { cert, key, theirs, encrypted })
  process.stdout.write('\n' + JSON.stringify(answer))
}

async function receive (node, { cert, key, theirs, encrypted }) {
  const { contentNode, disposition } = await AS2Disposition.outgoing({
    node,
    agreement: {
      host: { decrypt: encrypted, certificate: cert, privateKey: key },
      partner: { verify: true, certificate: theirs }
    }
  })
  const said = disposition.notification
  return {
    content: contentNode === undefined ? '' : Buffer.from(contentNode.content).toString('base64'),
    processed: said.disposition.processed,
    mic: (said.receivedContentMic || {}).mic || ''
  }
}

async function readReceipt (node, theirs) {
  const said = (await node.dispositionIn({ cert: theirs })).notification
  return {
    processed: said.disposition.processed,
    mic: (said.receivedContentMic || {}).mic || '',
    message: said.originalMessageId
  }
}

main().catch(error => {
  process.stderr.write(String(error.stack))
  process.exitCode = 1
})
