// An AS2 partner that is not ours: npm's libas2 behind HTTP on loopback. It is asked by lines of JSON and answers each
// with one; what arrives at its address it understands, answers with a receipt, and keeps for `got`.
const http = require('http')
const readline = require('readline')
const { AS2Composer, AS2Crypto, AS2Disposition, AS2MimeNode, AS2Parser, request } = require('libas2')

const got = []
let me // {cert, key, theirs, id, their_id, url, decrypt, receipt}: who we are, and how we answer what comes

// The digest of what was signed last, as this library finds it, to compare with the receipt.
let mic = ''
const sign = AS2Crypto.sign
AS2Crypto.sign = async (node, options) => {
  const signed = await sign(node, options)
  mic = (await AS2Crypto.verify(signed, { cert: options.cert }, true)).digest.toString('base64')
  return signed
}

const commands = {
  async start (asked) {
    me = asked
    const server = http.createServer((req, res) => take(req, res).catch(error => {
      got.push({ error: String(error) })
      if (!res.headersSent) res.writeHead(500).end()
    }))
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
    me.url = `http://127.0.0.1:${server.address().port}/as2`
    return { url: me.url }
  },

  async configure (asked) {
    Object.assign(me, asked)
    return {}
  },

  async got () {
    return got.splice(0)
  },

  // A message, posted to `url`; the receipt in the answer is verified and read.
  async send ({ url, payload, sign, encrypt, mdn, cert, key, messageId }) {
    const composer = new AS2Composer({
      message: { filename: 'po.edi', contentType: 'application/edi-x12', content: Buffer.from(payload, 'base64') },
      agreement: {
        host: { name: 'peer', id: me.id, url: me.url, certificate: cert || me.cert, privateKey: key || me.key, sign, mdn },
        partner: { name: 'portal', id: me.their_id, url, certificate: me.theirs, encrypt }
      },
      additionalHeaders: messageId ? { 'Message-ID': messageId } : {}
    })
    mic = ''
    const options = await composer.toRequestOptions(url)
    options.headers['Content-Length'] = Buffer.byteLength(options.body)
    const sent = { mic, messageId: composer.message.messageId() }
    const answer = await request(options)
    const raw = answer.rawBody.toString('base64')
    const receipt = answer.rawBody.length ? await receiptOf(await answer.mime()) : null
    return { status: answer.statusCode, sent, receipt, raw }
  },

  // What this library makes of a message that stands in `message`, without HTTP.
  async understand ({ message, decrypt }) {
    return understood(await AS2Parser.parse(Buffer.from(message, 'base64')), decrypt)
  },

  async receipt ({ message }) {
    return receiptOf(await AS2Parser.parse(Buffer.from(message, 'base64')))
  },

  async compress () {
    return AS2Crypto.compress(new AS2MimeNode({ contentType: 'application/edi-x12', content: 'x' }), {})
  }
}

async function receiptOf (node) {
  const signed = node.contentType.startsWith('multipart/signed')
  const said = (await node.dispositionIn(signed ? { cert: me.theirs } : undefined)).notification
  return {
    signed,
    processed: said.disposition.processed,
    why: (said.disposition.description || {}).type || '',
    mic: (said.receivedContentMic || {}).mic || '',
    message: said.originalMessageId
  }
}

async function understood (node, decrypt, signing) {
  const { contentNode, dispositionNode, disposition } = await AS2Disposition.outgoing({
    node,
    agreement: {
      host: { id: me.id, decrypt, certificate: me.cert, privateKey: me.key },
      partner: { id: me.their_id, verify: true, certificate: me.theirs, mdn: signing && { signing } }
    }
  })
  const said = disposition.notification
  return {
    content: contentNode === undefined ? '' : Buffer.from(contentNode.content || '').toString('base64'),
    processed: said.disposition.processed,
    mic: (said.receivedContentMic || {}).mic || '',
    answer: dispositionNode
  }
}

async function take (req, res) {
  const chunks = []
  for await (const chunk of req) chunks.push(chunk)
  const head = []
  for (let i = 0; i < req.rawHeaders.length; i += 2) head.push(`${req.rawHeaders[i]}: ${req.rawHeaders[i + 1]}\r\n`)
  const node = await AS2Parser.parse(Buffer.concat([Buffer.from(head.join('') + '\r\n'), ...chunks]))
  if (node.contentType.includes('multipart/report') || (node.childNodes[0] || {}).contentType?.includes('multipart/report')) {
    got.push({ receipt: await receiptOf(node) })
    return res.writeHead(200).end()
  }
  const { answer, ...rest } = await understood(node, me.decrypt, me.receipt)
  got.push({ message: rest })
  const raw = await answer.build()
  const end = raw.indexOf('\r\n\r\n')
  const headers = Object.fromEntries(raw.slice(0, end).toString().replace(/\r\n[ \t]+/g, ' ').split('\r\n')
    .map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]))
  const later = node.getHeader('Receipt-Delivery-Option')
  if (!later) return res.writeHead(200, headers).end(raw.slice(end + 4))
  res.writeHead(200).end()
  headers['Content-Length'] = raw.length - end - 4
  const posted = await request({ url: later, headers, body: raw.slice(end + 4), method: 'POST' })
  got.push({ posted: posted.statusCode })
}

readline.createInterface({ input: process.stdin }).on('line', async line => {
  const { command, ...asked } = JSON.parse(line)
  const answer = await commands[command](asked).catch(error => ({ error: String(error) }))
  delete answer.answer
  process.stdout.write('\n>' + JSON.stringify(answer) + '\n') // the library itself prints, too
}).on('close', () => process.exit(0))
