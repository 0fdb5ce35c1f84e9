// Prints what the official tools have against the contracts in a folder; nothing where they take them.
import { Parser, fromFile } from '@asyncapi/parser'
import Ajv from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fs from 'node:fs'
import path from 'node:path'

const folder = process.argv[2]
const { document, diagnostics } = await fromFile(new Parser(), path.join(folder, 'asyncapi.yaml')).parse()
const errors = diagnostics.filter((one) => one.severity === 0)
for (const one of errors) console.log(one.code, one.path.join('.'), one.message)
if (!document) console.log('asyncapi.yaml: no document')

const ajv = new Ajv({ strict: false })
addFormats(ajv)
const schemas = path.join(folder, 'schemas')
const names = fs.readdirSync(schemas).filter((name) => name.endsWith('.schema.json'))
for (const name of names) ajv.addSchema(JSON.parse(fs.readFileSync(path.join(schemas, name), 'utf8')), name)
for (const name of names) {
  try { ajv.getSchema(name) } catch (error) { console.log(name, error.message) }
}
