import { pictures as contract } from '../../../contract/pictures.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import { fetchPicture, type PictureDeps } from './fetch-picture.ts'

export const pictureRoutes = (deps: PictureDeps): Routes<typeof contract> => ({
  fetch: handle(contract.fetch, (actor, input) => fetchPicture(deps, actor, input)),
})
